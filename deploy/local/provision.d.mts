export interface Tenant { name: string; role: string; password: string }
export function provision(adminUrl: string, database: string, tenants: Tenant[]): Promise<Record<string, string>>;
export function unprovision(adminUrl: string, database: string, roles: string[]): Promise<void>;
export function randomSecret(): string;
export function withDatabase(url: string, database: string): string;
