import type { popOut as english } from "../en/pop-out.ts";

export const popOut: typeof english = {
  waiting: "Die Abbildung wird übernommen …",
  nothing: "Die Abbildung konnte nicht übernommen werden und ist zu lang für eine Adresse. Schließen Sie diesen Tab, und versuchen Sie es von der Abbildung aus noch einmal.",
};
