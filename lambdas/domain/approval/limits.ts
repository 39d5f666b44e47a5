/** Open submissions of one person: a queue that reviewers can see the end of. */
export const openLimit = 5;
/** Submissions of an org in a UTC day: each has a probe look at a server and a reviewer read. */
export const dayLimit = 20;
