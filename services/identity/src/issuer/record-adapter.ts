import { createHash } from 'node:crypto';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { Database } from '@quen/chassis';

/** Models whose id is the secret that a client holds: only its hash is stored. */
const bearerModels = new Set([
  'AuthorizationCode',
  'RefreshToken',
  'AccessToken',
  'ClientCredentials',
  'PushedAuthorizationRequest',
]);

interface Row {
  payload: AdapterPayload;
  consumed_at: number | null;
}

/**
 * Keeps what the provider remembers (sessions, grants, codes, refresh tokens) in Postgres, so that any process can go
 * on with it.
 */
export class RecordAdapter implements Adapter {
  constructor(
    private readonly database: Database,
    private readonly model: string,
  ) {}

  /** Keeps the record until it expires; one that is kept already is replaced. */
  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const stored = bearerModels.has(this.model) ? { ...payload, jti: undefined } : payload;
    await this.query(
      `insert into issuer_record (model, id, payload, grant_id, account_id, uid, expires_at)
       values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
       on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
         account_id = excluded.account_id, uid = excluded.uid, expires_at = excluded.expires_at`,
      [
        this.model,
        this.idOf(id),
        JSON.stringify(stored),
        payload.grantId ?? null,
        payload.accountId ?? null,
        payload.uid ?? null,
        expiresIn ?? null,
      ],
    );
  }

  /** The record, also one that was used already (`consumed`): the provider then revokes what came of it. */
  async find(id: string): Promise<AdapterPayload | undefined> {
    const payload = await this.first('id = $2', this.idOf(id));
    return payload && bearerModels.has(this.model) ? { ...payload, jti: id } : payload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.first('uid = $2', uid);
  }

  /** No device flow is offered, so there are no user codes. */
  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Marks as used. Of two requests that use the same record at the same moment the second one is refused. */
  async consume(id: string): Promise<void> {
    const used = await this.query(
      `with used as (update issuer_record set consumed_at = now() where model = $1 and id = $2 and consumed_at is null returning 1)
       select * from used`,
      [this.model, this.idOf(id)],
    );
    if (used.length === 0) throw new errors.InvalidGrant('it was used already');
  }

  async destroy(id: string): Promise<void> {
    await this.query('delete from issuer_record where model = $1 and id = $2', [this.model, this.idOf(id)]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.query('delete from issuer_record where model = $1 and grant_id = $2', [this.model, grantId]);
  }

  /**
   * What is done on a session's behalf keeps it: it ends when nothing was for `idle` seconds, and `absolute` seconds
   * after its sign-in whatever happens.
   */
  async keep(uid: string, { idle, absolute }: { idle: number; absolute: number }): Promise<void> {
    await this.query(
      `with kept as (select id, least(now() + make_interval(secs => $3), to_timestamp((payload->>'loginTs')::bigint) + make_interval(secs => $4)) as until
         from issuer_record where model = $1 and uid = $2 and expires_at > now() for update)
       update issuer_record r set expires_at = kept.until, payload = r.payload || jsonb_build_object('exp', extract(epoch from kept.until)::bigint)
       from kept where r.model = $1 and r.id = kept.id`,
      [this.model, uid, idle, absolute],
    );
  }

  private async first(condition: string, value: string): Promise<AdapterPayload | undefined> {
    const rows = await this.query<Row>(
      `select payload, extract(epoch from consumed_at)::float8 as consumed_at from issuer_record
       where model = $1 and ${condition} and (expires_at is null or expires_at > now())`,
      [this.model, value],
    );
    const row = rows[0];
    return row && { ...row.payload, ...(row.consumed_at === null ? {} : { consumed: Math.floor(row.consumed_at) }) };
  }

  private query<Result>(sql: string, parameters: unknown[]): Promise<Result[]> {
    return this.database.transaction((tx) => tx.query<Result[]>(sql, parameters));
  }

  private idOf(id: string): string {
    return bearerModels.has(this.model) ? createHash('sha256').update(id).digest('base64url') : id;
  }
}
