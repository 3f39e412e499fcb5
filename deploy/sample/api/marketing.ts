// Written by `npm run api-types` from the OpenAPI document of marketing.
export interface components {
    schemas: {
        ChannelView: {
            ownerId: string | null;
            id: string;
            version: number;
            code: string;
            name: string;
            /** @enum {string} */
            kind: "agent" | "branch" | "call-centre" | "collaborator" | "point-of-sale" | "web";
            branchId: string;
            capacityPerDay: number;
            costPerLead: components["schemas"]["Money"];
            expectedOrderValue: components["schemas"]["Money"];
            expectedConversion: number;
            expectedMarginRate: number;
            provinces: string[];
            active: boolean;
            record: components["schemas"]["ChannelRecord"];
        };
        Money: {
            amount: string;
            currency: string;
        };
        ChannelRecord: {
            converted: number;
            won: number;
            lost: number;
            wonAmount: components["schemas"]["Money"];
        };
        CreateChannel: {
            code: string;
            name: string;
            /** @enum {string} */
            kind: "agent" | "branch" | "call-centre" | "collaborator" | "point-of-sale" | "web";
            branchId: string;
            ownerId?: (string | null) | null;
            capacityPerDay: number;
            costPerLead: components["schemas"]["Money"];
            expectedOrderValue: components["schemas"]["Money"];
            expectedConversion: number;
            expectedMarginRate: number;
            provinces?: string[];
        };
        CreateSegment: {
            /**
             * @example {
             *       "combinator": "and",
             *       "rules": [
             *         {
             *           "field": "marketingChannels",
             *           "operator": "contains",
             *           "value": "email"
             *         },
             *         {
             *           "combinator": "or",
             *           "rules": [
             *             {
             *               "field": "rank",
             *               "operator": "in",
             *               "value": [
             *                 "gold",
             *                 "diamond"
             *               ]
             *             },
             *             {
             *               "field": "lastOrderOn",
             *               "operator": "withinLastDays",
             *               "value": 90
             *             }
             *           ]
             *         }
             *       ]
             *     }
             */
            rule?: {
                [key: string]: unknown;
            };
            name: string;
            description?: string;
            /** @enum {string} */
            kind: "rules" | "static";
            branchId?: string;
        };
        SegmentView: {
            /**
             * @example {
             *       "combinator": "and",
             *       "rules": [
             *         {
             *           "field": "marketingChannels",
             *           "operator": "contains",
             *           "value": "email"
             *         },
             *         {
             *           "combinator": "or",
             *           "rules": [
             *             {
             *               "field": "rank",
             *               "operator": "in",
             *               "value": [
             *                 "gold",
             *                 "diamond"
             *               ]
             *             },
             *             {
             *               "field": "lastOrderOn",
             *               "operator": "withinLastDays",
             *               "value": 90
             *             }
             *           ]
             *         }
             *       ]
             *     }
             */
            rule: {
                [key: string]: unknown;
            } | null;
            branchId: string | null;
            id: string;
            version: number;
            name: string;
            description: string | null;
            /** @enum {string} */
            kind: "rules" | "static";
            active: boolean;
            size: number;
            createdAt: string;
            updatedAt: string;
        };
        PreviewSegment: {
            /**
             * @example {
             *       "combinator": "and",
             *       "rules": [
             *         {
             *           "field": "marketingChannels",
             *           "operator": "contains",
             *           "value": "email"
             *         },
             *         {
             *           "combinator": "or",
             *           "rules": [
             *             {
             *               "field": "rank",
             *               "operator": "in",
             *               "value": [
             *                 "gold",
             *                 "diamond"
             *               ]
             *             },
             *             {
             *               "field": "lastOrderOn",
             *               "operator": "withinLastDays",
             *               "value": 90
             *             }
             *           ]
             *         }
             *       ]
             *     }
             */
            rule: {
                [key: string]: unknown;
            };
            branchId?: string;
        };
        SegmentPreview: {
            size: number;
            reachableByEmail: number;
            sample: components["schemas"]["MemberView"][];
        };
        MemberView: {
            branchId: string | null;
            id: string;
            code: string | null;
            displayName: string | null;
            category: string | null;
            province: string | null;
            rank: string | null;
            lifetimeValue: string;
            marketingChannels: string[];
            openSevereComplaints: number;
        };
        ChangeMembers: {
            add?: string[];
            remove?: string[];
        };
        MembersChanged: {
            added: number;
            removed: number;
        };
        CreateCampaign: {
            startsOn: string;
            endsOn: string;
            code: string;
            name: string;
            description?: string;
            segmentId: string;
            branchId?: string;
            planned: components["schemas"]["Money"];
            messageCost?: components["schemas"]["Money"];
            /** @enum {string} */
            channel: "email";
            content: components["schemas"]["ContentBody"];
            landingUrl?: string;
        };
        ContentBody: {
            vi: components["schemas"]["TemplateBody"];
            en?: components["schemas"]["TemplateBody"];
        };
        TemplateBody: {
            subject: string;
            body: string;
        };
        CampaignView: {
            audience: number | null;
            launchedAt: string | null;
            endedAt: string | null;
            id: string;
            version: number;
            code: string;
            name: string;
            description: string | null;
            /** @enum {string} */
            status: "draft" | "ended" | "paused" | "running";
            /** @enum {string} */
            channel: "email";
            segmentId: string;
            branchId: string;
            startsOn: string;
            endsOn: string;
            planned: components["schemas"]["Money"];
            committed: components["schemas"]["Money"];
            spent: components["schemas"]["Money"];
            messageCost: components["schemas"]["Money"];
            content: components["schemas"]["ContentBody"];
            landingUrl: string | null;
            createdAt: string;
            updatedAt: string;
        };
        RecordExpense: {
            spentOn: string;
            description: string;
            amount: components["schemas"]["Money"];
        };
        ExpenseView: {
            id: string;
            description: string;
            amount: components["schemas"]["Money"];
            spentOn: string;
            createdAt: string;
        };
        MessageView: {
            sentAt: string | null;
            id: string;
            campaignId: string;
            step: string;
            customerId: string;
            /** @enum {string} */
            channel: "email" | "letter" | "phone" | "sms" | "visit" | "zalo";
            /** @enum {string} */
            status: "queued" | "refused" | "sending" | "sent" | "unconfirmed";
            reason: string | null;
            attempts: number;
            dueAt: string;
            providerAnswer: string | null;
        };
        RecordResponse: {
            customerId: string;
            note?: string;
        };
        ResponseView: {
            id: string;
            messageId: string;
            campaignId: string;
            customerId: string;
            /** @enum {string} */
            via: "link" | "manual" | "reply";
            note: string | null;
            createdAt: string;
        };
        CampaignResults: {
            audience: number | null;
            /**
             * @example {
             *       "no_consent": 41,
             *       "open_complaint": 1
             *     }
             */
            refusedByReason: {
                [key: string]: number;
            };
            /**
             * @example {
             *       "link": 12,
             *       "manual": 3
             *     }
             */
            responsesByWay: {
                [key: string]: number;
            };
            /**
             * @example {
             *       "routed": 4,
             *       "won": 2
             *     }
             */
            leadsByStatus: {
                [key: string]: number;
            };
            returnOnCost: string | null;
            campaignId: string;
            queued: number;
            sent: number;
            unconfirmed: number;
            refused: number;
            clicks: number;
            responses: number;
            unsubscribed: number;
            leads: number;
            orders: number;
            ordersByAttribution: components["schemas"]["OrdersByAttribution"];
            revenue: components["schemas"]["Money"];
            paid: components["schemas"]["Money"];
            returns: components["schemas"]["Money"];
            cost: components["schemas"]["Money"];
            profit: components["schemas"]["Money"];
            otherCurrencies: number;
        };
        OrdersByAttribution: {
            direct: number;
            lastTouch: number;
        };
        LeadView: {
            campaignId: string | null;
            ownerId: string | null;
            id: string;
            version: number;
            customerId: string;
            /** @enum {string} */
            source: "call" | "campaign" | "form" | "import" | "presentation" | "request" | "seminar";
            branchId: string;
            interest: string | null;
            /** @enum {string} */
            status: "accepted" | "converted" | "lost" | "routed" | "unrouted" | "won";
            score: number;
            scoreReasons: components["schemas"]["Reason"][];
            routes: components["schemas"]["RouteView"][];
            capturedAt: string;
            updatedAt: string;
        };
        Reason: {
            code: string;
            text: string;
            weight: number;
        };
        RouteView: {
            answeredAt: string | null;
            channelId: string;
            channelCode: string;
            expectedMargin: components["schemas"]["Money"];
            reasons: components["schemas"]["Reason"][];
            /** @enum {string} */
            status: "accepted" | "declined" | "routed";
            answer: string | null;
            routedAt: string;
        };
        Operations: {
            "GET /v1/channels": {
                answer: {
                    data: components["schemas"]["ChannelView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/channels": {
                body: components["schemas"]["CreateChannel"];
                answer: components["schemas"]["ChannelView"];
            };
            "POST /v1/segments": {
                body: components["schemas"]["CreateSegment"];
                answer: components["schemas"]["SegmentView"];
            };
            "POST /v1/segments/preview": {
                body: components["schemas"]["PreviewSegment"];
                answer: components["schemas"]["SegmentPreview"];
            };
            "GET /v1/segments/{id}/members": {
                answer: {
                    data: components["schemas"]["MemberView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/segments/{id}/members": {
                body: components["schemas"]["ChangeMembers"];
                answer: components["schemas"]["MembersChanged"];
            };
            "POST /v1/campaigns": {
                body: components["schemas"]["CreateCampaign"];
                answer: components["schemas"]["CampaignView"];
            };
            "GET /v1/campaigns/{id}": {
                answer: components["schemas"]["CampaignView"];
            };
            "POST /v1/campaigns/{id}/expenses": {
                body: components["schemas"]["RecordExpense"];
                answer: components["schemas"]["ExpenseView"];
            };
            "POST /v1/campaigns/{id}/launch": {
                answer: components["schemas"]["CampaignView"];
            };
            "GET /v1/campaigns/{id}/messages": {
                answer: {
                    data: components["schemas"]["MessageView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/campaigns/{id}/responses": {
                body: components["schemas"]["RecordResponse"];
                answer: components["schemas"]["ResponseView"];
            };
            "GET /v1/campaigns/{id}/results": {
                answer: components["schemas"]["CampaignResults"];
            };
            "GET /v1/leads": {
                answer: {
                    data: components["schemas"]["LeadView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "GET /v1/leads/{id}": {
                answer: components["schemas"]["LeadView"];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
