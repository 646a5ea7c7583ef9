import { workflowInfo } from '@temporalio/workflow';

/** How far this workflow's clock is ahead of the domain's; zero in production. */
export function shiftOf(): number {
  const shift = workflowInfo().memo?.shift;
  return typeof shift === 'number' ? shift : 0;
}
