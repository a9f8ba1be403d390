/** Where Gitea's REST API begins. */
export const base = '/api/v1'
