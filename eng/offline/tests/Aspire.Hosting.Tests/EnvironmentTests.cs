namespace Aspire.Hosting.Tests;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task References_become_connection_strings_and_service_addresses()
    {
        var builder = Run.Builder("--ConnectionStrings:kafka", "broker.example:9092", "--Parameters:pass_word", "a b");
        var password = builder.AddParameter("pass-word", secret: true);
        var cache = builder.AddResource(new Cache("cache")).WithEndpoint(scheme: "tcp", name: "tcp", env: "PORT");
        var kafka = builder.AddConnectionString("kafka");
        var web = builder.AddProject<Projects.SampleEcho>("web").WithReplicas(2);
        builder
            .AddExecutable("printer", "sh", ".", "-c", "env; echo \"args: $*\"; echo end", "sh")
            .WithReference(cache)
            .WithReference(kafka)
            .WithReference(web)
            .WithEnvironment("PASSWORD", password)
            .WithEnvironment("URL", web.GetEndpoint("http"))
            .WithEnvironment(
                "MIXED",
                $"at {cache.GetEndpoint("tcp").Property(EndpointProperty.Port)} with {password.Resource:uri} {{x}}"
            )
            .WithEnvironment(context => context.EnvironmentVariables["FROM_CALLBACK"] = context.Resource.Name)
            .WithArgs(context => context.Args.Add(web.GetEndpoint("http").Property(EndpointProperty.HostAndPort)));
        await using var application = await builder.StartAsync();

        var lines = await application.OutputAsync("printer", "end");

        var endpoint = cache.GetEndpoint("tcp");
        Assert.Contains($"ConnectionStrings__cache=localhost:{endpoint.Port},abortConnect=false", lines);
        Assert.Contains("ConnectionStrings__kafka=broker.example:9092", lines);
        Assert.Contains($"services__web__http__0={application.GetEndpoint("web").ToString().TrimEnd('/')}", lines);
        Assert.Contains($"WEB_HTTP={web.GetEndpoint("http").Url}", lines);
        Assert.Contains("PASSWORD=a b", lines);
        Assert.Contains($"URL={web.GetEndpoint("http").Url}", lines);
        Assert.Contains($"MIXED=at {endpoint.Port} with a%20b {{x}}", lines);
        Assert.Contains("FROM_CALLBACK=printer", lines);
        Assert.Contains($"args: localhost:{web.GetEndpoint("http").Port}", lines);
        Assert.Equal(
            $"localhost:{endpoint.Port},abortConnect=false",
            await application.GetConnectionStringAsync("cache")
        );
    }

    [Fact]
    public async Task Each_instance_listens_on_a_port_of_its_own_and_one_that_is_not_proxied_on_the_public_one()
    {
        var builder = Run.Builder();
        builder
            .AddExecutable("proxied", "sh", ".", "-c", "echo port $PORT")
            .WithEndpoint(name: "tcp", scheme: "tcp", env: "PORT");
        builder
            .AddExecutable("direct", "sh", ".", "-c", "echo port $PORT")
            .WithEndpoint(name: "tcp", scheme: "tcp", env: "PORT", isProxied: false);
        await using var application = await builder.StartAsync();

        var proxied = (await application.OutputAsync("proxied", "port")).Single();
        var direct = (await application.OutputAsync("direct", "port")).Single(l =>
            l.StartsWith("port", StringComparison.Ordinal)
        );

        Assert.NotEqual($"port {application.GetEndpoint("proxied", "tcp").Port}", proxied);
        Assert.Equal($"port {application.GetEndpoint("direct", "tcp").Port}", direct);
    }

    [Fact]
    public async Task A_parameter_without_a_value_fails_the_resource_that_uses_it_with_a_sentence()
    {
        var builder = Run.Builder();
        builder.AddExecutable("client", "sleep", ".", "600").WithEnvironment("KEY", builder.AddParameter("key"));
        await using var application = await builder.StartAsync();

        var lines = await application.OutputAsync("client", "failed to start");
        Assert.Contains(
            "The resource 'client' failed to start: The parameter 'key' has no value: set Parameters:key in configuration.",
            lines
        );
    }

    [Fact]
    public void A_generated_parameter_has_the_wanted_length_and_characters()
    {
        var value = new GenerateParameterDefault
        {
            MinLength = 48,
            Special = false,
            MinNumeric = 5,
        }.GetDefaultValue();

        Assert.Equal(48, value.Length);
        Assert.All(value, c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.True(value.Count(char.IsAsciiDigit) >= 5);
        Assert.NotEqual(value, new GenerateParameterDefault { MinLength = 48 }.GetDefaultValue());
    }

    [Fact]
    public void Redis_and_Kafka_are_described_with_the_real_connection_strings()
    {
        var builder = Run.Builder();
        IResourceWithConnectionString redis = builder.AddRedis("redis").WithDataVolume().WithImageTag("8.2").Resource;
        IResourceWithConnectionString kafka = builder.AddKafka("kafka").WithKafkaUI().WithDataVolume().Resource;

        Assert.Equal(
            "{redis.bindings.tcp.host}:{redis.bindings.tcp.port},password={redis-password.value}{cond-redis-bindings-tcp-tlsenabled-d148d83a.connectionString}",
            redis.ConnectionStringExpression.ValueExpression
        );
        Assert.Equal(
            "{kafka.bindings.tcp.host}:{kafka.bindings.tcp.port}",
            kafka.ConnectionStringExpression.ValueExpression
        );
        Assert.True(redis.TryGetContainerImageName(out var image));
        Assert.Equal("docker.io/library/redis:8.2", image);
    }

    private sealed class Cache(string name) : ExecutableResource(name, "sleep", "/"), IResourceWithConnectionString
    {
        public ReferenceExpression ConnectionStringExpression =>
            ReferenceExpression.Create(
                $"{this.GetEndpoint("tcp").Property(EndpointProperty.HostAndPort)},abortConnect=false"
            );
    }
}
