// Written by `npm run api-types` from the OpenAPI document of support.
export interface components {
    schemas: {
        OpenCase: {
            customerId: string;
            subject: string;
            description?: string | null;
            /** @enum {string} */
            kind: "complaint" | "incident" | "question" | "request";
            /** @enum {string} */
            severity: "critical" | "high" | "low" | "normal";
            category: string;
            /** @enum {string} */
            channel: "call" | "chat" | "email" | "face-to-face" | "social" | "web" | "zalo";
            policyId?: string | null;
        };
        CaseView: {
            /** @enum {string} */
            kind: "complaint" | "incident" | "question" | "request";
            /** @enum {string} */
            severity: "critical" | "high" | "low" | "normal";
            /** @enum {string} */
            channel: "call" | "chat" | "email" | "face-to-face" | "social" | "web" | "zalo";
            /** @enum {string} */
            status: "closed" | "new" | "open" | "solved" | "waiting";
            /** @enum {string} */
            rank: "bronze" | "diamond" | "gold" | "silver" | "standard";
            id: string;
            version: number;
            code: string;
            customerId: string;
            branchId: string;
            agentId: string | null;
            subject: string;
            description: string | null;
            category: string;
            cause: string | null;
            openedAt: string;
            firstAnsweredAt: string | null;
            solvedAt: string | null;
            closedAt: string | null;
            solution: string | null;
            reopened: number;
            workedMinutes: number;
            rating: number | null;
            ratingComment: string | null;
            firstResponseDueAt: string | null;
            solutionDueAt: string | null;
            firstResponseBreachedAt: string | null;
            solutionBreachedAt: string | null;
            points: number;
            updatedAt: string;
        };
        QueuePosition: {
            /** @enum {string} */
            rank: "bronze" | "diamond" | "gold" | "silver" | "standard";
            position: number | null;
            points: number;
            parts: components["schemas"]["PriorityPartView"][];
            lifetimeValue: string;
            rankedAt: string | null;
            receivedAt: string | null;
        };
        PriorityPartView: {
            code: string;
            value: string;
            points: number;
        };
        AssignCase: {
            agentId: string;
        };
        AnswerCase: {
            text: string;
            waitForCustomer?: boolean | null;
            minutes?: number | null;
        };
        SolveCase: {
            solution: string;
            cause?: string | null;
            minutes?: number | null;
        };
        RateCase: {
            rating: number;
            comment?: string | null;
        };
        Operations: {
            "POST /v1/cases": {
                body: components["schemas"]["OpenCase"];
                answer: components["schemas"]["CaseView"];
            };
            "GET /v1/cases/{id}/queue-position": {
                answer: components["schemas"]["QueuePosition"];
            };
            "POST /v1/cases/{id}/assign": {
                body: components["schemas"]["AssignCase"];
                answer: components["schemas"]["CaseView"];
            };
            "POST /v1/cases/{id}/answer": {
                body: components["schemas"]["AnswerCase"];
                answer: components["schemas"]["CaseView"];
            };
            "POST /v1/cases/{id}/solve": {
                body: components["schemas"]["SolveCase"];
                answer: components["schemas"]["CaseView"];
            };
            "POST /v1/cases/{id}/rate": {
                body: components["schemas"]["RateCase"];
                answer: components["schemas"]["CaseView"];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
