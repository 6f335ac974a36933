import type { Redis } from "ioredis";
import type { Hold } from "./hold";

const HOLD_MINUTES = 20;
const GRACE_SECONDS = 90;

/** A hold that is being paid for gets a short grace, or the customer pays for nothing. */
export const isPaying = (hold: Hold): boolean => hold.paymentStartedAt !== undefined;

export function expiresAt(hold: Hold): Date {
  const end = new Date(hold.createdAt.getTime() + HOLD_MINUTES * 60_000);
  if (!isPaying(hold)) return end;
  return new Date(end.getTime() + GRACE_SECONDS * 1_000);
}

export async function expireHolds(redis: Redis, now: Date, holds: Hold[]): Promise<string[]> {
  const lock = await redis.set("hold-expirer:lock", String(process.pid), "NX");
  if (lock === null) return [];
  try {
    const gone = holds.filter((hold) => expiresAt(hold) <= now);
    for (const hold of gone) {
      await redis.del(`hold:${hold.id}`);
    }
    return gone.map((hold) => hold.id);
  } finally {
    await redis.del("hold-expirer:lock");
  }
}
