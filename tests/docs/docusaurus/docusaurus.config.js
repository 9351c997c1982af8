export default {
  title: "Figures",
  url: "http://localhost",
  baseUrl: "/",
  themes: ["@docusaurus/theme-classic"],
  plugins: [["@docusaurus/plugin-content-docs", { routeBasePath: "/" }]],
  themeConfig: { navbar: { title: "Figures" } },
  @@site mdx@@
};
