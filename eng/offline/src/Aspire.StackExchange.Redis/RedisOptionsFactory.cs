using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Aspire.StackExchange.Redis;

/// <summary>
/// Makes the options of a client by parsing its connection string, so that what is configured for them changes
/// parsed options. A client's connection string is known by the name of its options.
/// </summary>
internal sealed class RedisOptionsFactory(
    IEnumerable<RedisOptionsFactory.Source> sources,
    IEnumerable<IConfigureOptions<ConfigurationOptions>> setups,
    IEnumerable<IPostConfigureOptions<ConfigurationOptions>> postConfigures,
    IEnumerable<IValidateOptions<ConfigurationOptions>> validations
) : OptionsFactory<ConfigurationOptions>(setups, postConfigures, validations)
{
    public sealed record Source(string OptionsName, StackExchangeRedisSettings Settings);

    public static void Register(IServiceCollection services, string optionsName, StackExchangeRedisSettings settings)
    {
        services.AddSingleton(new Source(optionsName, settings));
        services.TryAddTransient<IOptionsFactory<ConfigurationOptions>, RedisOptionsFactory>();
    }

    protected override ConfigurationOptions CreateInstance(string name)
    {
        var options = sources.LastOrDefault(source => source.OptionsName == name)?.Settings.ConnectionString switch
        {
            { } connectionString => ConfigurationOptions.Parse(connectionString),
            null => base.CreateInstance(name),
        };

        // A provider of a hosted Redis, recognised by its address, brings its own defaults.
        if (options.Defaults.GetType() == typeof(DefaultOptionsProvider))
        {
            options.Defaults = new PatientDefaults();
        }

        return options;
    }

    /// <summary>A server that is not there yet is waited for.</summary>
    private sealed class PatientDefaults : DefaultOptionsProvider
    {
        public override bool AbortOnConnectFail => false;
    }
}
