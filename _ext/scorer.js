// How the search ranks what it finds: Sphinx's own points, but pages on functions come after all others, unless
// somebody looks for a piece of code, such as erasure_energy.
const code = /[._]/.test(new URLSearchParams(location.search).get("q"));
var Scorer = {
  score: ([page, , , , score]) => score - (page.startsWith("book/functions") && !code ? 1000 : 0),
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
