using System.Globalization;
using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Operations.Fleet;

/// <summary>
/// The orders in which connections can be listed. A connection's key in an order is the text that it is sorted by and, so that no two are
/// alike, its client id; keys of all replicas compare with each other.
/// </summary>
internal static class ConnectionOrder
{
    public const string Default = "client_id";

    private const string Separator = "\0";
    private const string SortableTime = "yyyyMMddHHmmssfffffff";

    /// <summary>Whether there is such an order.</summary>
    public static bool IsKnown(string sort) =>
        sort is Default or "user_id" or "surface" or "address" or "opened_at" or "replica" or "queued_bytes";

    /// <summary>The key of a connection of this replica.</summary>
    public static string KeyOf(Connection connection, string sort, string replica) =>
        Key(
            sort,
            connection.ClientId,
            connection.UserId,
            ListedConnection.NameOf(connection.Surface),
            connection.Address,
            connection.OpenedAt,
            replica,
            connection.Queue.Bytes
        );

    /// <summary>The key of a connection of any replica.</summary>
    public static string KeyOf(ListedConnection connection, string sort) =>
        Key(
            sort,
            connection.ClientId,
            connection.UserId,
            connection.Surface,
            connection.Address,
            connection.OpenedAt,
            connection.Replica,
            connection.QueuedBytes
        );

    private static string Key(
        string sort,
        string clientId,
        string userId,
        string surface,
        string address,
        DateTimeOffset openedAt,
        string replica,
        long queued
    ) =>
        sort switch
        {
            "user_id" => userId + Separator + clientId,
            "surface" => surface + Separator + clientId,
            "address" => address + Separator + clientId,
            "opened_at" => openedAt.UtcDateTime.ToString(SortableTime, CultureInfo.InvariantCulture)
                + Separator
                + clientId,
            "replica" => replica + Separator + clientId,
            "queued_bytes" => queued.ToString("D19", CultureInfo.InvariantCulture) + Separator + clientId,
            _ => clientId,
        };
}
