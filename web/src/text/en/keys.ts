export const keys = {
  title: "Keys",
  about: "About EVM Lanes",
  single: "Single keys are shortcuts",
  singleWhy: "Off, only keys with Ctrl and the function keys work outside of the pictures.",
  outside: "Single keys work where no text is typed.",
  playhead: "The keys of the replay work at the playhead and where nothing has the focus.",
  picturesTitle: "In a picture",
  pictures: {
    across: "in the graph along dependencies, in the lanes along a lane",
    down: "in the graph through a level, in the lanes from lane to lane, in a table from row to row",
    select: "select what the arrows have walked to",
    zoom: "zoom in, zoom out",
    fit: "fit everything",
    step: "one event back, one event on",
    leap: "many events back, many events on",
    play: "replay, or pause",
  },
};
