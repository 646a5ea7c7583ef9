/** Whether somebody leads sales: they see every lead that is with sales, and may answer for each in their own name. */
export function isLeadOfSales({ team, role }: { team: string; role: string }): boolean {
  return team === 'sales' && (role === 'manager' || role === 'head');
}
