/**
 * What a page may load and do: nothing but its own styles and forms.
 * @param styles also those that stand in the page itself, as charts have them
 */
export function contentSecurity(styles: 'own' | 'own and inline') {
  return {
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'none'"],
      styleSrc: styles === 'own' ? ["'self'"] : ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      upgradeInsecureRequests: null,
    },
  };
}
