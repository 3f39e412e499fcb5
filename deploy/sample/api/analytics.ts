// Written by `npm run api-types` from the OpenAPI document of analytics.
export interface components {
    schemas: {
        InsightView: {
            version: number;
            firstOrderOn: string | null;
            paid: components["schemas"]["Money"];
            costOfGoods: components["schemas"]["Money"];
            serveCost: components["schemas"]["Money"];
            purchases: number;
            firstPurchaseOn: string | null;
            lastPurchaseOn: string | null;
            aliveProbability: number | null;
            purchaseProbability: number | null;
            ordersNextYear: number | null;
            expectedOrderValue: components["schemas"]["Money"] | null;
            serveCostPerYear: components["schemas"]["Money"] | null;
            marginRate: number | null;
            discountRate: number;
            horizonYears: number;
            modelVersion: number | null;
            /** @enum {string} */
            modelBasis: "built-in" | "fitted";
            openComplaints: number;
            cases: number;
            messages: number;
            asOf: string | null;
            becauseOf: string | null;
            calculatedAt: string | null;
            years: components["schemas"]["YearlyProfit"][];
            reasons: components["schemas"]["InsightReason"][];
            customerId: string;
            customerCode: string | null;
            displayName: string | null;
            /** @enum {string} */
            rank: "bronze" | "diamond" | "gold" | "silver" | "standard";
            orders: number;
            lastOrderOn: string | null;
            revenue: components["schemas"]["Money"];
            profit: components["schemas"]["Money"];
            lifetimeValue: components["schemas"]["Money"];
            recencyScore: number;
            frequencyScore: number;
            valueScore: number;
        };
        Money: {
            amount: string;
            currency: string;
        };
        YearlyProfit: {
            year: number;
            orders: number;
            revenue: components["schemas"]["Money"];
            cost: components["schemas"]["Money"];
            serveCost: components["schemas"]["Money"];
            profit: components["schemas"]["Money"];
        };
        InsightReason: {
            code: string;
            text: string;
        };
        RankingRow: {
            customerId: string;
            customerCode: string | null;
            displayName: string | null;
            /** @enum {string} */
            rank: "bronze" | "diamond" | "gold" | "silver" | "standard";
            orders: number;
            lastOrderOn: string | null;
            revenue: components["schemas"]["Money"];
            profit: components["schemas"]["Money"];
            lifetimeValue: components["schemas"]["Money"];
            recencyScore: number;
            frequencyScore: number;
            valueScore: number;
        };
        FitModel: {
            asOf?: string | null;
            discountRate?: number | null;
            horizonYears?: number | null;
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
        ModelView: {
            version: number;
            /** @enum {string} */
            basis: "built-in" | "fitted";
            inUse: boolean;
            customers: number;
            asOf: string | null;
            fittedAt: string;
            discountRate: number;
            horizonYears: number;
            marginRate: number;
            serveCostPerYear: number;
            purchases: {
                [key: string]: number;
            };
            spend: {
                [key: string]: number;
            };
        };
        Operations: {
            "GET /v1/insights/{customerId}": {
                answer: components["schemas"]["InsightView"];
            };
            "GET /v1/rankings": {
                answer: {
                    data: components["schemas"]["RankingRow"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/models": {
                body: components["schemas"]["FitModel"];
                answer: components["schemas"]["Job"];
            };
            "GET /v1/models/current": {
                answer: components["schemas"]["ModelView"];
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
