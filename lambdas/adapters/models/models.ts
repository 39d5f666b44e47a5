import { parseJson } from '../../domain/protocol/json.ts';
import { isObject } from '../../domain/protocol/jsonrpc.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type No, ok } from '../../domain/result.ts';
import type { Model, ModelKey, Models, Patience } from '../../ports/model.ts';
import { type Egress, egress as guarded } from '../egress/egress.ts';
import { findEvent } from '../egress/events.ts';
import { modelError, toldBy, unreachable } from './failures.ts';
import { post, textOf } from './post.ts';
import { completionsUrl, type ModelSetting, nameAtProvider, readModels, settingOf, shownName } from './settings.ts';

type Json = Readonly<Record<string, unknown>>;

const noJson = modelError('The model answered with something that is not JSON.');

/** A model of a setting over the guarded client. */
function openModel(setting: ModelSetting, name: string, keyOf: ModelKey, egress: Egress): Model {
  const url = completionsUrl(setting);
  const send = async (body: Json, stream: boolean, patience: Patience) => {
    const key = setting.secret_id === undefined ? '' : await keyOf(setting.secret_id);
    const answer = await post(egress, { url, key, body: { ...body, model: name, stream } }, patience);
    return answer.ok ? ok({ key, body: answer.value }) : answer;
  };

  return {
    setting: shownName(setting),

    async complete(body, patience) {
      const sent = await send(body, false, patience);
      if (!sent.ok) return sent;
      const text = await textOf(sent.value.body);
      if (!text.ok) return text;
      const json = parseJson(text.value);
      return json.ok && isObject(json.value) ? ok(json.value) : noJson;
    },

    async stream(body, patience, onChunk) {
      const sent = await send(body, true, patience);
      if (!sent.ok) return sent;
      const read = await findEvent(sent.value.body, (data): 'done' | No<Refusal> | undefined => {
        if (data === '[DONE]') return 'done';
        const chunk = parseJson(data);
        if (!chunk.ok || !isObject(chunk.value)) return noJson;
        if (chunk.value['error']) return modelError(`The model broke off: ${toldBy(chunk.value, sent.value.key)}`);
        onChunk(chunk.value);
        return undefined;
      });
      if (!read.ok) return unreachable(read.refusal);
      return read.value === undefined || read.value === 'done' ? ok(undefined) : read.value;
    },
  };
}

/** The models of MODELS: anything that speaks OpenAI's Chat Completions, no provider's own library. */
export function httpModels(keyOf: ModelKey, egress: Egress = guarded): Models {
  const settings = readModels();
  return {
    names: settings.map(shownName),
    find(asked) {
      const setting = settingOf(settings, asked);
      const name = setting && nameAtProvider(setting, asked);
      return setting && name !== undefined ? openModel(setting, name, keyOf, egress) : undefined;
    },
  };
}
