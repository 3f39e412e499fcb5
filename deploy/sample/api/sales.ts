// Written by `npm run api-types` from the OpenAPI document of sales.
export interface components {
    schemas: {
        ProductView: {
            id: string;
            code: string;
            name: string;
            /** @enum {string} */
            kind: "goods" | "service";
            unit: string;
            category: string | null;
            department: string | null;
            listPrice: components["schemas"]["Money"] | null;
            cost?: components["schemas"]["Money"] | null;
            active: boolean;
            version: number;
            createdAt: string;
            updatedAt: string;
        };
        Money: {
            amount: string;
            currency: string;
        };
        CreateProduct: {
            code: string;
            name: string;
            /** @enum {string} */
            kind?: "goods" | "service";
            unit: string;
            category?: (string | null) | null;
            department?: (string | null) | null;
            listPrice?: (components["schemas"]["Money"] | null) | null;
            cost?: (components["schemas"]["Money"] | null) | null;
            active?: boolean;
        };
        PriceBookView: {
            id: string;
            code: string;
            name: string;
            currency: string;
            validFrom: string;
            validTo: string | null;
            customerCategory: string | null;
            customerRank: string | null;
            branchId: string | null;
            priority: number;
            active: boolean;
            version: number;
        };
        CreatePriceBook: {
            validFrom: string;
            validTo?: (string | null) | null;
            code: string;
            name: string;
            currency?: string;
            customerCategory?: ("commercial-distributor" | "commercial-oem" | "commercial-user" | "consumer" | "government" | "institutional" | null) | null;
            customerRank?: ("bronze" | "diamond" | "gold" | null | "silver" | "standard") | null;
            branchId?: (string | null) | null;
            priority?: number;
            active?: boolean;
        };
        ReplacePrices: {
            prices: components["schemas"]["TierPrice"][];
        };
        TierPrice: {
            fromQuantity: string;
            productId: string;
            unitPrice: string;
        };
        PriceBookWithPrices: {
            id: string;
            code: string;
            name: string;
            currency: string;
            validFrom: string;
            validTo: string | null;
            customerCategory: string | null;
            customerRank: string | null;
            branchId: string | null;
            priority: number;
            active: boolean;
            version: number;
            prices: components["schemas"]["TierPrice"][];
        };
        PriceView: {
            productId: string;
            productCode: string;
            quantity: string;
            on: string;
            /** @enum {string} */
            source: "list-price" | "price-book";
            unitPrice: components["schemas"]["Money"];
            amount: components["schemas"]["Money"];
            considered: components["schemas"]["ConsideredPriceView"][];
        };
        ConsideredPriceView: {
            book: string;
            bookName: string;
            fromQuantity: string;
            unitPrice: string;
            currency: string;
            /** @enum {string} */
            verdict: "book_with_precedence_applies" | "chosen" | "higher_tier_applies" | "no_longer_valid" | "not_yet_valid" | "other_branch" | "other_category" | "other_currency" | "other_rank" | "quantity_too_small";
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
        OrderView: {
            id: string;
            code: string;
            customerId: string;
            orderedOn: string;
            /** @enum {string} */
            status: "cancelled" | "closed" | "confirmed" | "draft";
            /** @enum {string} */
            origin: "entry" | "import";
            quoteId: string | null;
            contractId: string | null;
            opportunityId: string | null;
            leadId: string | null;
            campaignId: string | null;
            branchId: string;
            ownerId: string | null;
            paymentTerms: string | null;
            deliveryTerms: string | null;
            total: components["schemas"]["Money"];
            invoiced: components["schemas"]["Money"];
            paid: components["schemas"]["Money"];
            credited: components["schemas"]["Money"];
            balance: components["schemas"]["Money"];
            /** @enum {string} */
            delivered: "full" | "none" | "part";
            confirmedAt: string | null;
            version: number;
            createdAt: string;
            updatedAt: string;
        };
        CreateOrder: {
            orderedOn?: string;
            quoteId?: string;
            contractId?: string;
            customerId?: string;
            opportunityId?: string;
            lines?: components["schemas"]["OrderLineBody"][];
            paymentTerms?: (string | null) | null;
            deliveryTerms?: (string | null) | null;
            ownerId?: string;
        };
        OrderLineBody: {
            quantity: string;
            productId: string;
            amount?: components["schemas"]["Money"];
        };
        OrderDetail: {
            lines: components["schemas"]["OrderLineView"][];
            deliveries: components["schemas"]["DeliveryView"][];
            invoices: components["schemas"]["InvoiceView"][];
            payments: components["schemas"]["PaymentView"][];
            returns: components["schemas"]["ReturnView"][];
            id: string;
            code: string;
            customerId: string;
            orderedOn: string;
            /** @enum {string} */
            status: "cancelled" | "closed" | "confirmed" | "draft";
            /** @enum {string} */
            origin: "entry" | "import";
            quoteId: string | null;
            contractId: string | null;
            opportunityId: string | null;
            leadId: string | null;
            campaignId: string | null;
            branchId: string;
            ownerId: string | null;
            paymentTerms: string | null;
            deliveryTerms: string | null;
            total: components["schemas"]["Money"];
            invoiced: components["schemas"]["Money"];
            paid: components["schemas"]["Money"];
            credited: components["schemas"]["Money"];
            balance: components["schemas"]["Money"];
            /** @enum {string} */
            delivered: "full" | "none" | "part";
            confirmedAt: string | null;
            version: number;
            createdAt: string;
            updatedAt: string;
        };
        OrderLineView: {
            line: number;
            productId: string;
            productCode: string;
            quantity: string;
            amount: components["schemas"]["Money"];
            delivered: string;
            returned: string;
            open: string;
        };
        DeliveryView: {
            id: string;
            deliveredOn: string;
            note: string | null;
            by: string;
            at: string;
            lines: components["schemas"]["FactLineView"][];
        };
        FactLineView: {
            line: number;
            quantity: string;
            amount: components["schemas"]["Money"];
        };
        InvoiceView: {
            id: string;
            code: string;
            amount: components["schemas"]["Money"];
            issuedOn: string;
            dueOn: string;
            by: string;
            at: string;
        };
        PaymentView: {
            id: string;
            amount: components["schemas"]["Money"];
            receivedOn: string;
            method: string;
            reference: string | null;
            by: string;
            at: string;
        };
        ReturnView: {
            id: string;
            returnedOn: string;
            credited: components["schemas"]["Money"];
            reason: string | null;
            by: string;
            at: string;
            lines: components["schemas"]["FactLineView"][];
        };
        PayOrder: {
            receivedOn?: string;
            amount: components["schemas"]["Money"];
            method: string;
            reference?: string;
        };
        DeliverOrder: {
            deliveredOn?: string;
            lines?: components["schemas"]["LinePartBody"][];
            note?: (string | null) | null;
        };
        LinePartBody: {
            quantity: string;
            line: number;
        };
        InvoiceOrder: {
            issuedOn?: string;
            dueOn?: string;
            amount?: components["schemas"]["Money"];
        };
        ReturnGoods: {
            returnedOn?: string;
            lines: components["schemas"]["LinePartBody"][];
            reason?: string;
        };
        LeadView: {
            id: string;
            customerId: string;
            campaignId: string | null;
            /** @enum {string} */
            source: "call" | "campaign" | "form" | "import" | "presentation" | "request" | "seminar";
            /** @enum {string} */
            channel: "agent" | "branch" | "call-centre" | "collaborator" | "point-of-sale" | "web";
            channelCode: string;
            branchId: string;
            ownerId: string | null;
            interest: string | null;
            score: number;
            expectedMargin: components["schemas"]["Money"];
            reasons: components["schemas"]["Reason"][];
            /** @enum {string} */
            status: "accepted" | "converted" | "declined" | "new";
            routedAt: string;
            acceptedAt: string | null;
            firstResponseAt: string | null;
            firstResponseMinutes: number | null;
            declineReason: string | null;
            opportunityId: string | null;
            version: number;
        };
        Reason: {
            code: string;
            text: string;
            weight: number;
        };
        DeclineLead: {
            reason: string;
        };
        LogApproach: {
            /** @enum {string} */
            channel: "email" | "letter" | "phone" | "sms" | "visit" | "zalo";
            /** @enum {string} */
            outcome: "call-back" | "interested" | "no-answer" | "not-interested" | "reached";
            note?: (string | null) | null;
        };
        ApproachView: {
            id: string;
            leadId: string;
            channel: string;
            /** @enum {string} */
            outcome: "call-back" | "interested" | "no-answer" | "not-interested" | "reached";
            note: string | null;
            by: string;
            at: string;
        };
        ConvertLead: {
            expectedCloseOn?: string;
            name?: string;
            pipelineId?: string;
            amount?: components["schemas"]["Money"];
        };
        UpdateOpportunity: {
            expectedCloseOn?: (string | null) | null;
            name?: string;
            need?: (string | null) | null;
            amount?: (components["schemas"]["Money"] | null) | null;
            ownerId?: string;
        };
        OpportunityView: {
            id: string;
            name: string;
            customerId: string;
            leadId: string | null;
            campaignId: string | null;
            pipelineId: string;
            stage: string;
            stageSince: string;
            probability: number;
            /** @enum {string} */
            status: "lost" | "open" | "won";
            need: string | null;
            amount: components["schemas"]["Money"] | null;
            expectedCloseOn: string | null;
            branchId: string;
            ownerId: string;
            closedAt: string | null;
            closeReason: string | null;
            version: number;
            createdAt: string;
            updatedAt: string;
        };
        ReplaceOpportunityLines: {
            lines: components["schemas"]["OpportunityLineBody"][];
        };
        OpportunityLineBody: {
            quantity: string;
            productId: string;
            unitPrice?: string;
        };
        OpportunityDetail: {
            id: string;
            name: string;
            customerId: string;
            leadId: string | null;
            campaignId: string | null;
            pipelineId: string;
            stage: string;
            stageSince: string;
            probability: number;
            /** @enum {string} */
            status: "lost" | "open" | "won";
            need: string | null;
            amount: components["schemas"]["Money"] | null;
            expectedCloseOn: string | null;
            branchId: string;
            ownerId: string;
            closedAt: string | null;
            closeReason: string | null;
            version: number;
            createdAt: string;
            updatedAt: string;
            ownerName: string | null;
            lines: components["schemas"]["OpportunityLineView"][];
            contacts: components["schemas"]["ContactView"][];
            stays: components["schemas"]["StayView"][];
        };
        OpportunityLineView: {
            line: number;
            productId: string;
            productCode: string;
            productName: string;
            quantity: string;
            unitPrice: components["schemas"]["Money"];
            amount: components["schemas"]["Money"];
        };
        ContactView: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "buyer" | "decider" | "gatekeeper" | "influencer" | "user";
            phone: string | null;
            email: string | null;
            note: string | null;
        };
        StayView: {
            stage: string;
            reason: string | null;
            enteredAt: string;
            leftAt: string | null;
            hours: number;
        };
        MoveOpportunity: {
            stage: string;
        };
        WinOpportunity: {
            reason?: string;
        };
        CreateQuote: {
            discountPercent?: string;
            validUntil?: (string | null) | null;
            opportunityId?: string;
            customerId?: string;
            lines?: components["schemas"]["QuoteLineBody"][];
            paymentTerms?: (string | null) | null;
            deliveryTerms?: (string | null) | null;
            ownerId?: string;
        };
        QuoteLineBody: {
            quantity: string;
            discountPercent?: string;
            productId: string;
        };
        QuoteDetail: {
            lines: components["schemas"]["QuoteLineView"][];
            id: string;
            code: string;
            revision: number;
            previousId: string | null;
            opportunityId: string | null;
            leadId: string | null;
            campaignId: string | null;
            customerId: string;
            branchId: string;
            ownerId: string;
            /** @enum {string} */
            status: "accepted" | "draft" | "issued" | "refused" | "superseded";
            pricedOn: string;
            discountPercent: string;
            total: components["schemas"]["Money"];
            paymentTerms: string | null;
            deliveryTerms: string | null;
            validUntil: string | null;
            issuedAt: string | null;
            decidedAt: string | null;
            refuseReason: string | null;
            version: number;
            createdAt: string;
            updatedAt: string;
        };
        QuoteLineView: {
            line: number;
            productId: string;
            productCode: string;
            productName: string;
            unit: string;
            quantity: string;
            unitPrice: components["schemas"]["Money"];
            discountPercent: string;
            amount: components["schemas"]["Money"];
            netAmount: components["schemas"]["Money"];
            explanation: {
                [key: string]: unknown;
            };
        };
        CreateContract: {
            startsOn?: (string | null) | null;
            endsOn?: (string | null) | null;
            quoteId: string;
            title: string;
            terms?: (string | null) | null;
        };
        ContractDetail: {
            history: components["schemas"]["ContractHistoryView"][];
            id: string;
            code: string;
            title: string;
            quoteId: string;
            opportunityId: string | null;
            leadId: string | null;
            campaignId: string | null;
            customerId: string;
            branchId: string;
            ownerId: string;
            /** @enum {string} */
            status: "draft" | "ended" | "signed";
            terms: string | null;
            total: components["schemas"]["Money"];
            startsOn: string | null;
            endsOn: string | null;
            signedOn: string | null;
            signedBy: string | null;
            endedOn: string | null;
            /** @enum {string|null} */
            endedHow: "expired" | "fulfilled" | null | "terminated";
            endReason: string | null;
            version: number;
            createdAt: string;
            updatedAt: string;
        };
        ContractHistoryView: {
            what: string;
            detail: {
                [key: string]: unknown;
            };
            by: string;
            at: string;
        };
        SignContract: {
            signedOn?: string;
            startsOn?: string;
            signedBy: string;
        };
        Operations: {
            "GET /v1/products": {
                answer: {
                    data: components["schemas"]["ProductView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/products": {
                body: components["schemas"]["CreateProduct"];
                answer: components["schemas"]["ProductView"];
            };
            "GET /v1/price-books": {
                answer: {
                    data: components["schemas"]["PriceBookView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/price-books": {
                body: components["schemas"]["CreatePriceBook"];
                answer: components["schemas"]["PriceBookView"];
            };
            "PUT /v1/price-books/{id}/prices": {
                body: components["schemas"]["ReplacePrices"];
                answer: components["schemas"]["PriceBookWithPrices"];
            };
            "GET /v1/prices/quote": {
                answer: components["schemas"]["PriceView"];
            };
            "POST /v1/orders/imports": {
                answer: components["schemas"]["Job"];
            };
            "GET /v1/orders": {
                answer: {
                    data: components["schemas"]["OrderView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/orders": {
                body: components["schemas"]["CreateOrder"];
                answer: components["schemas"]["OrderDetail"];
            };
            "GET /v1/orders/{id}": {
                answer: components["schemas"]["OrderDetail"];
            };
            "POST /v1/orders/{id}/confirm": {
                answer: components["schemas"]["OrderDetail"];
            };
            "POST /v1/orders/{id}/payments": {
                body: components["schemas"]["PayOrder"];
                answer: components["schemas"]["OrderDetail"];
            };
            "POST /v1/orders/{id}/deliveries": {
                body: components["schemas"]["DeliverOrder"];
                answer: components["schemas"]["OrderDetail"];
            };
            "POST /v1/orders/{id}/invoices": {
                body: components["schemas"]["InvoiceOrder"];
                answer: components["schemas"]["OrderDetail"];
            };
            "POST /v1/orders/{id}/returns": {
                body: components["schemas"]["ReturnGoods"];
                answer: components["schemas"]["OrderDetail"];
            };
            "GET /v1/leads/{id}": {
                answer: components["schemas"]["LeadView"];
            };
            "POST /v1/leads/{id}/accept": {
                answer: components["schemas"]["LeadView"];
            };
            "POST /v1/leads/{id}/decline": {
                body: components["schemas"]["DeclineLead"];
                answer: components["schemas"]["LeadView"];
            };
            "POST /v1/leads/{id}/approaches": {
                body: components["schemas"]["LogApproach"];
                answer: components["schemas"]["ApproachView"];
            };
            "POST /v1/leads/{id}/convert": {
                body: components["schemas"]["ConvertLead"];
                answer: components["schemas"]["LeadView"];
            };
            "PATCH /v1/opportunities/{id}": {
                body: components["schemas"]["UpdateOpportunity"];
                answer: components["schemas"]["OpportunityView"];
            };
            "PUT /v1/opportunities/{id}/lines": {
                body: components["schemas"]["ReplaceOpportunityLines"];
                answer: components["schemas"]["OpportunityDetail"];
            };
            "POST /v1/opportunities/{id}/move": {
                body: components["schemas"]["MoveOpportunity"];
                answer: components["schemas"]["OpportunityView"];
            };
            "POST /v1/opportunities/{id}/win": {
                body: components["schemas"]["WinOpportunity"];
                answer: components["schemas"]["OpportunityView"];
            };
            "POST /v1/quotes": {
                body: components["schemas"]["CreateQuote"];
                answer: components["schemas"]["QuoteDetail"];
            };
            "POST /v1/quotes/{id}/issue": {
                answer: components["schemas"]["QuoteDetail"];
            };
            "POST /v1/quotes/{id}/accept": {
                answer: components["schemas"]["QuoteDetail"];
            };
            "POST /v1/contracts": {
                body: components["schemas"]["CreateContract"];
                answer: components["schemas"]["ContractDetail"];
            };
            "POST /v1/contracts/{id}/sign": {
                body: components["schemas"]["SignContract"];
                answer: components["schemas"]["ContractDetail"];
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
