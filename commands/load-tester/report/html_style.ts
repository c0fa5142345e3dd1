/** How the page looks, by day and by night, on a desk and on a phone. */
export const STYLE = `
:root { --ink: #1c2430; --soft: #5f6b7a; --paper: #fbfbf9; --card: #fff; --rule: #e3e5e8;
  --one: #2f6fb3; --two: #c46a1b; --bad: #b3343a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --soft: #97a2b0; --paper: #14181e; --card: #1c222a; --rule: #313943;
    --one: #6aa9e9; --two: #e79a4d; --bad: #e5696f; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; margin: 0; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
.about { color: var(--soft); margin: .2rem 0 1rem; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: .5rem;
  padding: 1rem; margin: 0 0 1rem; overflow-x: auto; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1rem; }
.tiles b { display: block; font-size: 1.2rem; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); }
.note { border-left: 4px solid var(--two); padding: .3rem .8rem; margin: 0 0 1rem; }
svg { display: block; width: 100%; min-width: 32rem; height: auto; }
svg text { fill: var(--soft); font-size: 11px; }
svg .y { text-anchor: end; }
svg .x { text-anchor: middle; }
.grid { stroke: var(--rule); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.one { stroke: var(--one); } .line.two { stroke: var(--two); } .line.bad { stroke: var(--bad); }
.area { opacity: .18; }
.area.one { fill: var(--one); } .area.two { fill: var(--two); } .area.bad { fill: var(--bad); }
.bar { fill: var(--one); }
.legend { margin: .5rem 0 0; color: var(--soft); }
.key::before { content: ""; display: inline-block; width: .8rem; height: .3rem;
  margin: 0 .4rem .15rem .6rem; }
.key.one::before { background: var(--one); } .key.two::before { background: var(--two); }
.key.bad::before { background: var(--bad); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: normal; }
th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; min-width: 9rem; }
`;
