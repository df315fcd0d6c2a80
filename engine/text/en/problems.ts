/** What is wrong with a file, a filter or a request: by code, in English. */

export const problemsEn = {} as const;
