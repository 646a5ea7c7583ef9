/** Opaque ids: UUIDv7 strings, told apart by type so that one is never taken for another. */
type Id<Name extends string> = string & { readonly of: Name };

export type LeadId = Id<'lead'>;
export type EnrollmentId = Id<'enrollment'>;
export type EscalationId = Id<'escalation'>;
export type AssignmentId = Id<'assignment'>;
export type SendId = Id<'send'>;
export type EventId = Id<'event'>;
export type ImportId = Id<'import'>;
export type VersionId = Id<'sequence version'>;
export type AgreementId = Id<'agreement'>;
/** A version of a sequence that waits to be signed. */
export type ProposalId = Id<'proposal'>;
export type PersonId = Id<'person'>;
export type ActivationId = Id<'activation'>;
export type HookId = Id<'hook'>;
export type LoginId = Id<'login'>;
export type MergeId = Id<'merge'>;
export type TaskId = Id<'task'>;
