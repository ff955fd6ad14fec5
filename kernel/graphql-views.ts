import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type FieldRequiredness,
  type InputFieldMap,
  type InputType,
  type PothosEnumValueConfig,
  type PothosInputFieldConfig,
  type PothosOutputFieldConfig,
  type PothosTypeConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { View } from '#kernel/actor';

/** A view that outsiders see; the third one, `internal`, is the whole graph. */
export type OutwardView = Exclude<View, 'internal'>;

/** What both outward views show. */
export const outward: readonly OutwardView[] = ['partner', 'portal'];

interface Viewed {
  /** The views that show it. Left out: those of its type, and for types none, so nothing leaks by forgetting. */
  readonly views?: readonly OutwardView[] | undefined;
}

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      views: ViewsPlugin<Types>;
    }
    interface ObjectTypeOptions<Types extends SchemaTypes, Shape> extends Viewed {
      /** The type whose views it shares, for one that only wraps another. */
      viewsOf?: string;
    }
    interface InterfaceTypeOptions<Types extends SchemaTypes, Shape> extends Viewed {}
    interface EnumTypeOptions<Types extends SchemaTypes> extends Viewed {}
    interface EnumValueConfig<Types extends SchemaTypes> extends Viewed {}
    interface InputFieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      Type extends InputType<Types> | [InputType<Types>] = InputType<Types> | [InputType<Types>],
      Req extends FieldRequiredness<Type> = FieldRequiredness<Type>,
    > extends Viewed {}
    interface FieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > extends Viewed {}
  }
}

interface Options extends Viewed {
  readonly viewsOf?: string;
  readonly tag?: string | readonly string[];
}

/**
 * Turns the option `views` into federation's `@tag`. The views of a type are those of the fields written with it and
 * of no others: fields that another subgraph adds to the type say for themselves who sees them. What only shapes a
 * field (its arguments, their inputs, enumerations) follows the field; views of its own narrow that.
 */
export class ViewsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    return tagged(config, viewsIn(config.pothosOptions) ?? this.viewsOfType(config.parentType));
  }

  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    return config.kind === 'Enum' ? tagged(config, viewsIn(config.pothosOptions)) : config;
  }

  override onEnumValueConfig(config: PothosEnumValueConfig<Types>): PothosEnumValueConfig<Types> {
    return tagged(config, viewsIn(config.pothosOptions));
  }

  override onInputFieldConfig(config: PothosInputFieldConfig<Types>): PothosInputFieldConfig<Types> {
    return tagged(config, viewsIn(config.pothosOptions));
  }

  private viewsOfType(name: string): readonly OutwardView[] | undefined {
    const options = this.builder.configStore.getTypeConfig(name).pothosOptions as Options;
    return options.viewsOf === undefined ? options.views : this.viewsOfType(options.viewsOf);
  }
}

function viewsIn(options: object): readonly OutwardView[] | undefined {
  return (options as Options).views;
}

/** Adds the views to the tags there are; federation's own plugin makes directives of them. */
function tagged<Config extends { pothosOptions: object }>(
  config: Config,
  views: readonly OutwardView[] | undefined,
): Config {
  if (!views || views.length === 0) return config;
  const { tag = [] } = config.pothosOptions as Options;
  return { ...config, pothosOptions: { ...config.pothosOptions, tag: [tag, views].flat(2) } };
}

/** The plugin's name; it stands last among the plugins, because the last one is asked first. */
export const viewsPlugin = 'views';
SchemaBuilder.registerPlugin(viewsPlugin, ViewsPlugin);
