export default {
  title: "Figures",
  themeConfig: {
    sidebar: [
      { text: "A page without figures", link: "/" },
      { text: "A figure", link: "/figure" },
      { text: "A scenario of one's own", link: "/own" },
      { text: "Frames", link: "/frames" },
    ],
  },
  @@site vitepress@@
};
