/** Where a Datadog organisation lives. */
export interface Site {
  /** The site parameter, `datadoghq.eu`. */
  name: string;
  api: string;
  /** Takes CI job logs; absent where Datadog does not. */
  logs?: string | undefined;
  app: string;
  /** False: Datadog says the product is not supported there (docs, "Send Custom Pipelines"). */
  supported: boolean;
}

/** Datadog docs, "Getting started with Datadog sites"; the short names are the docs' site names. */
const SITES: Readonly<Record<string, string>> = {
  us1: 'datadoghq.com',
  us3: 'us3.datadoghq.com',
  us5: 'us5.datadoghq.com',
  eu1: 'datadoghq.eu',
  ap1: 'ap1.datadoghq.com',
  ap2: 'ap2.datadoghq.com',
  uk1: 'uk1.datadoghq.com',
  'us1-fed': 'ddog-gov.com',
  'us2-fed': 'us2.ddog-gov.com',
};

/** The valid site parameters. */
export const SITE_NAMES: readonly string[] = Object.values(SITES);

/** A site from what people write, `datadoghq.eu`, `EU1`, `https://app.datadoghq.eu/`; undefined if there is none. */
export function parseSite(raw: string): Site | undefined {
  const word = raw.trim().toLowerCase();
  const host = word
    .replace(/^https?:\/\//, '')
    .replace(/[/?#:].*$/, '')
    .replace(/\.$/, '')
    .replace(/^(app|api)\./, '');
  const name = (Object.hasOwn(SITES, word) ? SITES[word] : undefined) ?? SITE_NAMES.find((site) => site === host);
  if (!name) return undefined;
  const app = name.split('.').length === 2 ? `https://app.${name}` : `https://${name}`;
  const supported = !name.endsWith('ddog-gov.com');
  const logs = supported ? `https://http-intake.logs.${name}` : undefined;
  return { name, api: `https://api.${name}`, logs, app, supported };
}

/** The page in Datadog that lists the executions with this page of the server; empty where its address is not known. */
export function toDatadogUrl({ app }: Pick<Site, 'app'>, pipelineUrl: string): string {
  const query = `ci_level:pipeline @ci.pipeline.url:"${pipelineUrl}"`;
  return app && `${app}/ci/pipeline-executions?query=${encodeURIComponent(query)}&index=cipipeline`;
}
