/** When a feed is looked into: every so many minutes, or daily at an hour in UTC. */
export interface FeedSchedule {
  readonly everyMinutes?: number | null | undefined;
  readonly dailyAtHour?: number | null | undefined;
}

const minute = 60_000;
const longestPause = 6 * 60 * minute;

/** When the feed is looked into next after a success, or after it was made or changed. */
export function nextPull({ everyMinutes, dailyAtHour }: FeedSchedule, now: Date): Date {
  if (dailyAtHour === null || dailyAtHour === undefined) {
    return new Date(now.getTime() + (everyMinutes ?? 60) * minute);
  }
  const today = new Date(now);
  today.setUTCHours(dailyAtHour, 0, 0, 0);
  if (today > now) return today;
  today.setUTCDate(today.getUTCDate() + 1);
  return today;
}

/**
 * When it is tried again after so many failures one after another: after a minute, then twice as long each time, six
 * hours at most, and no later than the schedule asks where that is further away.
 */
export function nextAttempt(schedule: FeedSchedule, failures: number, now: Date): Date {
  const pause = Math.min(longestPause, minute * 2 ** Math.min(failures - 1, 20));
  const planned = nextPull(schedule, now);
  const soon = new Date(now.getTime() + pause);
  // A feed that is asked every minute rests as well; one that is asked once a day is not given up until tomorrow.
  return schedule.dailyAtHour === null || schedule.dailyAtHour === undefined || soon < planned
    ? soon
    : planned;
}
