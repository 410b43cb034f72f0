using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using StackExchange.Redis;

namespace Pipelines.Sockets.Unofficial.Tests.Units;

/// <summary>The contract with the compiled StackExchange.Redis, member by member.</summary>
public sealed class SurfaceTests
{
    private const string Name = "Pipelines.Sockets.Unofficial";

    private static ReadOnlySpan<byte> Constrained => [0xFE, 0x16];

    [Fact]
    public void Every_type_and_member_that_StackExchange_Redis_refers_to_resolves()
    {
        var redis = typeof(ConnectionMultiplexer).Assembly;
        using var file = new PEReader(File.OpenRead(redis.Location));
        var metadata = file.GetMetadataReader();
        var missing = new List<string>();
        var found = 0;

        void Resolve(EntityHandle handle, string name)
        {
            try
            {
                // The generic arguments are placeholders for tokens inside generic code; they do not affect the lookup.
                redis.ManifestModule.ResolveMember(MetadataTokens.GetToken(handle), [typeof(object)], [typeof(object)]);
                found++;
            }
            catch (Exception error) when (error is TypeLoadException or MissingMemberException)
            {
                missing.Add($"{name}: {error.Message}");
            }
        }

        foreach (var handle in metadata.TypeReferences.Where(handle => IsOurs(metadata, handle)))
        {
            Resolve(handle, metadata.GetString(metadata.GetTypeReference(handle).Name));
        }

        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (IsOurs(metadata, TypeOf(metadata, member.Parent)))
            {
                Resolve(handle, metadata.GetString(member.Name));
            }
        }

        Assert.Empty(missing);
        Assert.True(found > 80, $"{found} references checked.");
    }

    [Fact]
    public void Every_interface_that_StackExchange_Redis_calls_on_our_types_is_implemented()
    {
        var redis = typeof(ConnectionMultiplexer).Assembly;
        using var file = new PEReader(File.OpenRead(redis.Location));
        var metadata = file.GetMetadataReader();
        var missing = new List<string>();
        var found = 0;

        foreach (var handle in metadata.MethodDefinitions)
        {
            var address = metadata.GetMethodDefinition(handle).RelativeVirtualAddress;
            if (address == 0)
            {
                continue;
            }

            var code = file.GetMethodBody(address).GetILContent().AsSpan();
            for (int i; (i = code.IndexOf(Constrained)) >= 0; code = code[(i + 2)..])
            {
                // constrained. <type> callvirt <method of an interface>: no member reference names our implementation.
                if (code.Length < i + 11 || code[i + 6] != (byte)ILOpCode.Callvirt)
                {
                    continue;
                }

                var type = MetadataTokens.EntityHandle(BitConverter.ToInt32(code[(i + 2)..]));
                if (
                    type.Kind is not (HandleKind.TypeSpecification or HandleKind.TypeReference)
                    || !IsOurs(metadata, TypeOf(metadata, type))
                )
                {
                    continue;
                }

                found++;
                var ours = redis.ManifestModule.ResolveType(
                    MetadataTokens.GetToken(type),
                    [typeof(EventArgs)],
                    [typeof(EventArgs)]
                );
                var called = redis.ManifestModule.ResolveMethod(BitConverter.ToInt32(code[(i + 7)..]))!.DeclaringType!;
                if (!called.IsAssignableFrom(ours))
                {
                    missing.Add($"{ours} : {called}");
                }
            }
        }

        Assert.Empty(missing);
        Assert.NotEqual(0, found);
    }

    [Fact]
    public void The_assembly_has_the_version_that_StackExchange_Redis_refers_to()
    {
        var wanted = typeof(ConnectionMultiplexer)
            .Assembly.GetReferencedAssemblies()
            .Single(assembly => assembly.Name == Name);

        Assert.Equal(wanted.Version, typeof(SocketConnection).Assembly.GetName().Version);
    }

    /// <summary>
    /// The type reference behind a member's parent; generic parents are instantiations described by a blob.
    /// </summary>
    private static EntityHandle TypeOf(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind != HandleKind.TypeSpecification)
        {
            return parent;
        }

        var blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return default;
        }

        blob.ReadByte(); // class or struct
        return blob.ReadTypeHandle();
    }

    private static bool IsOurs(MetadataReader metadata, EntityHandle handle)
    {
        while (handle.Kind == HandleKind.TypeReference)
        {
            handle = metadata.GetTypeReference((TypeReferenceHandle)handle).ResolutionScope;
        }

        return handle.Kind == HandleKind.AssemblyReference
            && metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)handle).Name) == Name;
    }
}
