// @ts-check
// What few people need: fetched when they do.

export const NOTHING = null;
