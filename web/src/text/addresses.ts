import * as english from "./en/addresses.ts";
import { translated } from "./language.ts";

/** What is said of addresses: small, because embed.html loads it before it is seen. */
export const { addresses, frame } = await translated<typeof english>(english, { de: () => import("./de/addresses.ts") });
