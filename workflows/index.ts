export { activation } from './activation.ts';
export { escalation } from './escalation.ts';
export { hook } from './hook.ts';
export { importIntake, intake } from './intake.ts';
export { nurture } from './nurture.ts';
export { signing } from './signing.ts';
export { sweep } from './sweep.ts';
