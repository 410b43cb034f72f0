using Microsoft.AspNetCore.Http;

namespace RealtimeSuite.Http;

/// <summary>A request that cannot be carried out as it is; answered with problem+json whose <c>detail</c> is the message.</summary>
/// <param name="message">A sentence for the caller.</param>
/// <param name="statusCode">The HTTP status.</param>
public sealed class RefusedRequestException(string message, int statusCode = StatusCodes.Status400BadRequest)
    : BadHttpRequestException(message, statusCode);
