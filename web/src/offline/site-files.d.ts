/** What `web/site-files.ts` finds in the built site. */
declare module "virtual:site-files" {
  export const FILES: readonly (readonly [path: string, hash: string, bytes: number])[];
}
