export interface Tenant {
  name: string;
  role: string;
  password: string;
  ownerPassword: string;
}
export interface Logins {
  url: string;
  migrationUrl: string;
}
export function ownerOf(role: string): string;
export function provision(adminUrl: string, database: string, tenants: Tenant[]): Promise<Record<string, Logins>>;
export function unprovision(adminUrl: string, database: string, roles: string[]): Promise<void>;
export function randomSecret(): string;
export function withDatabase(url: string, database: string): string;
