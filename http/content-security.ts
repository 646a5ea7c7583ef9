/**
 * What a page may load and do: nothing but its own styles and forms.
 * @param styles also those that stand in the page itself, as charts have them
 * @param scripts those that this server has, where a page may run any
 */
export function contentSecurity(
  styles: 'own' | 'own and inline',
  scripts: 'none' | 'own' = 'none',
) {
  return {
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: [scripts === 'own' ? "'self'" : "'none'"],
      styleSrc: styles === 'own' ? ["'self'"] : ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      upgradeInsecureRequests: null,
    },
  };
}
