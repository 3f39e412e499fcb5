// Written by `npm run api-types` from the OpenAPI document of customers.
export interface components {
    schemas: {
        CustomerView: {
            id: string;
            version: number;
            code: string;
            /** @enum {string} */
            kind: "organisation" | "person";
            /** @enum {string} */
            category: "commercial-distributor" | "commercial-oem" | "commercial-user" | "consumer" | "government" | "institutional";
            /** @enum {string} */
            relation: "external" | "internal";
            /** @enum {string} */
            lifecycle: "dormant" | "first-time" | "frequent" | "lost" | "loyal" | "prospect" | "repeat" | "won-back";
            displayName: string;
            familyName: string | null;
            middleName: string | null;
            givenName: string | null;
            title: string | null;
            representative: string | null;
            phones: components["schemas"]["PhoneNumber"][];
            emails: string[];
            address: components["schemas"]["Address"] | null;
            otherAddresses: components["schemas"]["LabelledAddressDto"][];
            taxCode: string | null;
            citizenId: string | null;
            externalIds: components["schemas"]["ExternalIdDto"][];
            industry: string | null;
            field: string | null;
            size: string | null;
            revenue: components["schemas"]["Money"] | null;
            birthDate: string | null;
            /** @enum {string|null} */
            sex: "female" | "male" | null | "other";
            /** @enum {string} */
            source: "call" | "campaign" | "import" | "manual" | "other" | "point-of-sale" | "referral" | "seminar" | "web";
            needs: string | null;
            note: string | null;
            /** @enum {string} */
            language: "en" | "vi";
            /** @enum {string|null} */
            preferredChannel: "email" | "letter" | null | "phone" | "sms" | "visit" | "zalo";
            branchId: string;
            ownerId: string | null;
            department: string | null;
            customerSince: string | null;
            consents: components["schemas"]["ConsentAnswer"][];
            mergedInto: string | null;
            importId: string | null;
            registeredAt: string;
            updatedAt: string;
            warnings: components["schemas"]["FieldWarning"][];
            insight: components["schemas"]["InsightView"] | null;
        };
        PhoneNumber: {
            e164: string;
            typed?: string;
        };
        Address: {
            text: string;
            line?: string | null;
            ward?: string | null;
            district?: string | null;
            province?: string | null;
            country?: string | null;
        };
        LabelledAddressDto: {
            label: string;
            address: components["schemas"]["Address"];
        };
        ExternalIdDto: {
            system: string;
            id: string;
        };
        Money: {
            amount: string;
            currency: string;
        };
        ConsentAnswer: {
            /** @enum {string} */
            purpose: "care" | "marketing" | "profiling" | "sharing" | "survey";
            /** @enum {string} */
            channel: "email" | "letter" | "phone" | "sms" | "visit" | "zalo";
            given: boolean;
            at: string;
            undated?: boolean;
        };
        FieldWarning: {
            pointer: string;
            code: string;
            message: string;
        };
        InsightView: {
            /** @enum {string} */
            rank: "bronze" | "diamond" | "gold" | "silver" | "standard";
            lifetimeValue: components["schemas"]["Money"];
            lastOrderOn: string | null;
            orders: number;
            openComplaints: number;
        };
        TimelineEntryView: {
            id: string;
            at: string;
            service: string;
            kind: string;
            text: string;
            subjectId: string;
            actor: string | null;
            occurredAt: string;
            data: {
                [key: string]: unknown;
            };
        };
        Job: {
            id: string;
            kind: string;
            /** @enum {string} */
            state: "cancelled" | "failed" | "running" | "succeeded" | "waiting";
            progress: components["schemas"]["JobProgress"];
            result?: {
                [key: string]: unknown;
            };
            problem?: {
                [key: string]: unknown;
            };
            links: components["schemas"]["JobLinks"];
            createdAt: string;
            startedAt?: string;
            finishedAt?: string;
        };
        JobProgress: {
            done: number;
            total: number | null;
            failed: number;
        };
        JobLinks: {
            failedRows?: string;
            files: string[];
        };
        ImportView: {
            id: string;
            /** @enum {string} */
            state: "cancelled" | "done" | "failed" | "running" | "waiting";
            problem: components["schemas"]["ImportProblem"] | null;
            fileName: string;
            bytes: number;
            /** @enum {string} */
            mode: "create" | "create-update" | "update";
            keys: ("citizenId" | "code" | "email" | "phone" | "taxCode" | "zalo")[];
            dryRun: boolean;
            /** @enum {string} */
            source: "call" | "campaign" | "import" | "manual" | "other" | "point-of-sale" | "referral" | "seminar" | "web";
            sourceNote: string;
            branchId: string | null;
            collectedAt: string | null;
            delimiter: string;
            header: string[];
            columns: {
                [key: string]: string;
            };
            unread: string[];
            notices: components["schemas"]["ImportNotice"][];
            rows: number;
            done: number;
            created: number;
            updated: number;
            matched: number;
            rejected: number;
            warned: number;
            reasons: {
                [key: string]: number;
            };
            warnings: {
                [key: string]: number;
            };
            unreadCells: components["schemas"]["UnreadCellView"][];
            sample: components["schemas"]["RowOutcomeView"][];
            createdAt: string;
            finishedAt: string | null;
            links: components["schemas"]["ImportLinks"];
        };
        ImportProblem: {
            code: string;
            detail: string;
        };
        ImportNotice: {
            code: string;
            message: string;
        };
        UnreadCellView: {
            line: number;
            field: string;
            code: string;
        };
        RowOutcomeView: {
            line: number;
            /** @enum {string} */
            outcome: "created" | "matched" | "rejected" | "updated";
            name: string | null;
            customerId: string | null;
            code: string | null;
            warnings: string[];
            faults: components["schemas"]["FaultView"][];
        };
        FaultView: {
            field: string;
            code: string;
        };
        ImportLinks: {
            job: string;
            failedRows: string | null;
        };
        Operations: {
            "GET /v1/customers": {
                answer: {
                    data: components["schemas"]["CustomerView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "GET /v1/customers/{id}": {
                answer: components["schemas"]["CustomerView"];
            };
            "GET /v1/customers/{id}/timeline": {
                answer: {
                    data: components["schemas"]["TimelineEntryView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/customers/imports": {
                answer: components["schemas"]["Job"];
            };
            "GET /v1/customers/imports/{id}": {
                answer: components["schemas"]["ImportView"];
            };
            "GET /v1/jobs/{id}": {
                answer: components["schemas"]["Job"];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
