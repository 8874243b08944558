// Prometheus' answers as Grafana's data frames, with the transformations and
// the field options of the dashboard applied by Grafana's own code.

import {
  FieldConfigOptionsRegistry, FieldType, applyFieldOverrides, getFieldDisplayName, reduceField, standardTransformers,
  toDataFrame,
} from '@grafana/data';
import { of } from 'rxjs';

const number = (text) => (text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text));

const withLabels = (legend, labels) => legend.replace(/{{(\w+)}}/g, (_, name) => labels[name] ?? '');

/** A frame for each series, named by the legend. */
function seriesFrames(target, answer, stepMs) {
  return answer.map(({ metric, value, values }) => {
    const points = values ?? [value];
    const name = withLabels(target.legendFormat ?? '', metric);
    return toDataFrame({
      refId: target.refId,
      name,
      fields: [
        { name: 'Time', type: FieldType.time, values: points.map(([time]) => time * 1000), config: { interval: stepMs } },
        { name: 'Value', type: FieldType.number, values: points.map(([, each]) => number(each)), labels: metric,
          config: { displayNameFromDS: name } },
      ],
    });
  });
}

/** One frame, a column for each label. */
function tableFrame(target, answer, several) {
  const labels = [...new Set(answer.flatMap(({ metric }) => Object.keys(metric)))].sort();
  return toDataFrame({
    refId: target.refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: answer.map(({ value }) => value[0] * 1000), config: {} },
      ...labels.map((label) => ({ name: label, type: FieldType.string, config: { filterable: true },
        values: answer.map(({ metric }) => metric[label] ?? '') })),
      { name: several ? `Value #${target.refId}` : 'Value', type: FieldType.number, config: {},
        values: answer.map(({ value }) => number(value[1])) },
    ],
  });
}

function transformedBy(transformer, options, frames) {
  let result = frames;
  of(frames).pipe(transformer.operator(options, { interpolate: (text) => text })).subscribe((each) => { result = each; });
  return result;
}

/** Grafana has this one outside its packages: options from another query. */
function configFromData({ configRefId, mappings }, frames) {
  const source = frames.find((frame) => frame.refId === configRefId);
  const rest = frames.filter((frame) => frame !== source);
  mappings.forEach(({ fieldName, handlerKey, handlerArguments, reducerId }) => {
    const field = source?.fields.find((each) => getFieldDisplayName(each, source) === fieldName);
    if (!field) {
      return;
    }
    const value = reduceField({ field, reducers: [reducerId] })[reducerId];
    rest.flatMap((frame) => frame.fields).filter((each) => each.type === FieldType.number).forEach((each) => {
      each.config = handlerKey === 'max' ? { ...each.config, max: value } : { ...each.config,
        thresholds: { mode: 'absolute', steps: [{ value: -Infinity, color: 'green' },
          { value, color: handlerArguments.threshold.color }] } };
    });
  });
  return rest;
}

const TRANSFORMERS = {
  merge: (options, frames) => transformedBy(standardTransformers.mergeTransformer, options, frames),
  organize: (options, frames) => transformedBy(standardTransformers.organizeFieldsTransformer, options, frames),
  configFromData,
};

/** All options that the dashboards use; Grafana's registry is in its application. */
function optionsRegistry(panel) {
  const custom = new Set(Object.keys(panel.fieldConfig.defaults.custom ?? {}));
  panel.fieldConfig.overrides.flatMap(({ properties }) => properties).forEach(({ id }) => {
    if (id.startsWith('custom.')) {
      custom.add(id.slice('custom.'.length));
    }
  });
  const item = (id, path, isCustom) => ({ id, path, name: id, isCustom, process: (value) => value,
    shouldApply: () => true, getItemsCount: () => 0, override: () => null, editor: () => null });
  return new FieldConfigOptionsRegistry(() => [
    ...['unit', 'min', 'max', 'decimals', 'displayName', 'noValue', 'thresholds', 'mappings', 'links', 'color']
      .map((id) => item(id, id, false)),
    ...[...custom].map((id) => item(`custom.${id}`, id, true)),
  ]);
}

/** A base step of null is the lowest one. */
function withBase(config) {
  return JSON.parse(JSON.stringify(config), (key, value) =>
    (key === 'steps' ? value.map((step) => ({ ...step, value: step.value ?? -Infinity })) : value));
}

export function framesOf(panel, answers, theme, stepMs) {
  let frames = panel.targets.flatMap((target) => {
    const answer = answers[target.refId] ?? [];
    if (target.format === 'table') {
      return answer.length ? [tableFrame(target, answer, panel.targets.length > 1)] : [];
    }
    return seriesFrames(target, answer, stepMs);
  });
  (panel.transformations ?? []).forEach(({ id, options }) => { frames = TRANSFORMERS[id](options, frames); });
  return applyFieldOverrides({
    data: frames,
    fieldConfig: { defaults: withBase(panel.fieldConfig.defaults), overrides: withBase(panel.fieldConfig.overrides) },
    fieldConfigRegistry: optionsRegistry(panel),
    replaceVariables: (text) => text,
    theme,
    timeZone: 'utc',
  });
}
