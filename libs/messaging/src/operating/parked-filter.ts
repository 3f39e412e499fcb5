/** Which parked records are meant; everything given must hold. */
export interface ParkedFilter {
  readonly consumer: string;
  /** One record, by its number. */
  readonly id?: string;
  readonly key?: string;
  readonly topic?: string;
  readonly errorClass?: string;
  readonly parkedSince?: Date;
  readonly parkedUntil?: Date;
}

/**
 * SQL over `inbox_parked` that is true of the records that wait and match; takes the values of {@link valuesOf} as `$1`
 * to `$7`.
 */
export const matching = `consumer = $1 and status = 'parked' and ($2::bigint is null or n = $2) and ($3::text is null or msg_key = $3) and ($4::text is null or topic = $4)
  and ($5::text is null or error_class = $5) and ($6::timestamptz is null or parked_at >= $6) and ($7::timestamptz is null or parked_at <= $7)`;

export function valuesOf({ consumer, id, key, topic, errorClass, parkedSince, parkedUntil }: ParkedFilter): unknown[] {
  return [
    consumer,
    id ?? null,
    key ?? null,
    topic ?? null,
    errorClass ?? null,
    parkedSince ?? null,
    parkedUntil ?? null,
  ];
}
