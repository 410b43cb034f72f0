namespace RealtimeSuite.Deploy.Tests;

public sealed class YamlFileTests
{
    [Fact]
    public void A_scalar_has_the_type_that_kubectl_gives_it()
    {
        var document = YamlFile.Read("{ a: 1, b: '1', c: true, d: 50m, e: null, f: [x] }").Single();

        Assert.Equal("""{"a":1,"b":"1","c":true,"d":"50m","e":null,"f":["x"]}""", document.ToJsonString());
    }

    [Fact]
    public void A_word_that_YAML_takes_for_a_boolean_is_refused()
    {
        Assert.Throws<FormatException>(() => YamlFile.Read("name: on"));
    }
}
