const id = '0198aaaa-0000-7000-8000-000000000001';
const marketer = `(SELECT id FROM person WHERE team = 'marketing' LIMIT 1)`;

/** What the database refuses of accounts. */
export const badAccountRows: Readonly<Record<string, readonly string[]>> = {
  account_domain_form: ['Company.example', 'company', 'company.example/', 'a..example'].map(
    domain => `UPDATE account SET domain = '${domain}'`,
  ),
  account_given_to_sales: [
    `UPDATE account SET owner_id = ${marketer}`,
    `UPDATE person SET active = false WHERE key = 'lena';
     UPDATE account SET owner_id = (SELECT id FROM person WHERE key = 'lena')`,
  ],
  account_made_for_sales: [
    `INSERT INTO account (id, domain, owner_id) VALUES ('${id}', 'new.example', ${marketer})`,
  ],
  account_name: [`UPDATE account SET name = ''`],
  account_status: [`UPDATE account SET status = 'friend'`],
};
