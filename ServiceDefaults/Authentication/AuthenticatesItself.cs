namespace RealtimeSuite.Authentication;

/// <summary>Metadata of an endpoint that finds out by itself who calls: the bearer scheme does not look at its requests.</summary>
public sealed class AuthenticatesItself;
