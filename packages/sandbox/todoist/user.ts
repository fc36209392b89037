import type { Person } from '../world.ts'
import { type Account, inboxOf } from './account.ts'

function zoneInfo(account: Account, now: Date): Record<string, unknown> {
  const minutes = account.zone.offsetMinutes(now)
  const sign = minutes < 0 ? '-' : '+'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  const text = `${sign}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
  return {
    timezone: account.zone.name,
    hours: minutes < 0 ? -hours : hours,
    minutes: minutes < 0 ? -rest : rest,
    is_dst: 0,
    gmt_string: text,
  }
}

/** The user resource; the Sync API wants more of it than `GET /user`, and both accept the whole. */
export function userOf(person: Person, now: Date): Record<string, unknown> {
  const { account } = person
  const completed = account.activities.filter(activity => activity.event === 'completed')
  const today = account.zone.today(now)
  return {
    id: account.userId,
    email: person.email,
    full_name: person.name,
    business_account_id: null,
    is_premium: false,
    premium_status: 'not_premium',
    premium_until: null,
    date_format: 0,
    time_format: 0,
    weekly_goal: 25,
    daily_goal: 5,
    completed_count: completed.length,
    completed_today: completed.filter(activity => account.zone.today(new Date(activity.at)) === today).length,
    karma: 0,
    karma_trend: '-',
    lang: 'en',
    next_week: 1,
    start_day: 1,
    start_page: 'today',
    tz_info: zoneInfo(account, now),
    inbox_project_id: inboxOf(account),
    days_off: [6, 7],
    weekend_start_day: 6,
    activated_user: true,
    auto_reminder: 0,
    feature_identifier: `${account.userId}_sandbox`,
    features: {
      karma_disabled: false,
      restriction: 3,
      karma_vacation: false,
      dateist_lang: null,
      beta: 0,
      has_push_reminders: false,
      dateist_inline_disabled: false,
    },
    has_magic_number: true,
    has_password: false,
    image_id: null,
    is_celebrations_enabled: true,
    joinable_workspace: null,
    joined_at: `${account.joinedOn}T09:00:00.000000Z`,
    getting_started_guide_projects: null,
    mfa_enabled: false,
    share_limit: 5,
    sort_order: 0,
    theme_id: '11',
    unique_prefix: 1,
    verification_status: 'verified',
    websocket_url: 'wss://ws.todoist.com/ws',
  }
}
