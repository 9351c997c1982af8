/** A window that a figure has opened, until it is the whole page. */
export const popOut = {
  waiting: "Taking over the figure…",
  nothing: "The figure could not be taken over, and is too long for an address. Close this tab, and try it again from the figure.",
};
