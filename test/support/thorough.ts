/** With `CI=true` what is tried many times, or on every forge, is tried as often as we can afford; a newcomer need not wait for that. */
export const isThorough = process.env['CI'] === 'true'
