// Written by `npm run api-types` from the OpenAPI document of identity.
export interface components {
    schemas: {
        DepartmentView: {
            id: string;
            code: string;
            name: string;
            active: boolean;
            version: number;
            createdAt: string;
        };
        CreateDepartment: {
            code: string;
            name: string;
        };
        BranchView: {
            id: string;
            code: string;
            name: string;
            parentId: string | null;
            path: string;
            province: string | null;
            address: string | null;
            phone: string | null;
            active: boolean;
            version: number;
            createdAt: string;
        };
        OpenBranch: {
            code: string;
            name: string;
            parentId?: string | null;
            province?: string | null;
            address?: string | null;
            phone?: string | null;
        };
        StaffView: {
            id: string;
            code: string | null;
            loginName: string;
            displayName: string;
            familyName: string | null;
            middleName: string | null;
            givenName: string | null;
            email: string | null;
            phone: string | null;
            title: string | null;
            roles: ("accountant" | "administrator" | "agent" | "branch-manager" | "data-reader" | "director" | "marketer" | "seller")[];
            branchId: string;
            departmentId: string | null;
            languages: string[];
            skills: string[];
            active: boolean;
            leftAt: string | null;
            absentFrom: string | null;
            absentUntil: string | null;
            substituteId: string | null;
            version: number;
            createdAt: string;
        };
        TakeOnStaff: {
            code?: string | null;
            loginName?: string;
            displayName: string;
            familyName?: string | null;
            middleName?: string | null;
            givenName?: string | null;
            email?: string | null;
            phone?: string | null;
            title?: string | null;
            roles: ("accountant" | "administrator" | "agent" | "branch-manager" | "data-reader" | "director" | "marketer" | "seller")[];
            branchId: string;
            departmentId?: string | null;
            languages?: string[];
            skills?: string[];
        };
        Operations: {
            "GET /v1/departments": {
                answer: {
                    data: components["schemas"]["DepartmentView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/departments": {
                body: components["schemas"]["CreateDepartment"];
                answer: components["schemas"]["DepartmentView"];
            };
            "GET /v1/branches": {
                answer: {
                    data: components["schemas"]["BranchView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/branches": {
                body: components["schemas"]["OpenBranch"];
                answer: components["schemas"]["BranchView"];
            };
            "GET /v1/staff": {
                answer: {
                    data: components["schemas"]["StaffView"][];
                    nextCursor: string | null;
                    hasMore: boolean;
                    total?: number;
                };
            };
            "POST /v1/staff": {
                body: components["schemas"]["TakeOnStaff"];
                answer: components["schemas"]["StaffView"];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
