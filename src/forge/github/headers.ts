/** https://docs.github.com/en/rest/about-the-rest-api/api-versions */
export const githubHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const
