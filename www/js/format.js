// Dates and spans of time in the user's language.
import { currentLocale } from './texts.js';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

// A date and a time, from milliseconds since 1970.
export function moment(milliseconds) {
    return new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(milliseconds);
}

// How far away it is: "in 12 minutes".
export function timeLeft(milliseconds, now = Date.now()) {
    const seconds = Math.round((milliseconds - now) / 1000);
    const units = [['day', day], ['hour', hour], ['minute', minute], ['second', 1]];
    const [unit, length] = units.find((one) => Math.abs(seconds) >= one[1]) ?? units.at(-1);
    return new Intl.RelativeTimeFormat(currentLocale()).format(Math.round(seconds / length), unit);
}

export function number(value) {
    return new Intl.NumberFormat(currentLocale()).format(value);
}

export function list(values) {
    return new Intl.ListFormat(currentLocale(), { type: 'conjunction' }).format(values);
}
