export { escalation } from './escalation.ts';
export { importIntake, intake } from './intake.ts';
export { nurture } from './nurture.ts';
export { sweep } from './sweep.ts';
