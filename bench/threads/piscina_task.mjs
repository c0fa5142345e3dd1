/** The trivial task, for piscina. */
export default (n) => n + 1;
