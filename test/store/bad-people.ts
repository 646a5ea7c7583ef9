import { copyOf, id, otherPerson } from './copy-of.ts';

/** What the database refuses of people, of the times when they are away, and of their logins. */
export const badPeople: Readonly<Record<string, readonly string[]>> = {
  login_ended_was_used: [copyOf('login', { id, used_at: null, ended_at: '2026-01-02T00:00:00Z' })],
  login_goes_forward: [
    `UPDATE login SET used_at = NULL`,
    `UPDATE login SET used_at = used_at + interval '1 day'`,
    `UPDATE login SET person_id = ${otherPerson}`,
    `UPDATE login SET ended_at = now(); UPDATE login SET ended_at = NULL`,
  ],

  person_address_normalized: [`UPDATE person SET address = 'Upper@case.example'`],
  person_capacity: [`UPDATE person SET capacity = 0`],
  person_catch_all_active: [`UPDATE person SET active = false`],
  person_catch_all_exists: [
    `UPDATE person SET catch_all_slot = NULL`,
    `UPDATE person SET active = false, catch_all_slot = NULL`,
  ],
  person_country: [`UPDATE person SET country = 'Austria'`],
  person_one_catch_all: [`UPDATE person SET catch_all_slot = 2 WHERE catch_all_slot = 1`],
  person_role: [`UPDATE person SET role = 'friend'`],
  person_team: [`UPDATE person SET team = 'finance'`],

  time_off_ends: [`UPDATE time_off SET until_at = from_at`],
  time_off_once_at_a_time: [
    copyOf('time_off', { id }),
    copyOf('time_off', { id, until_at: '2999-01-01T00:00:00Z' }),
    `INSERT INTO time_off SELECT '${id}', person_id, from_at - interval '1 day', from_at + interval '1 minute' FROM time_off`,
  ],
};
