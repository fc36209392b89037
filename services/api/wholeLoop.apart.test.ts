// The same suite in the other topology: the recommender behind HTTP, as in a process of its own.
await import(new URL('./wholeLoop.test.ts?apart', import.meta.url).href)

export {}
