using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// A pipe's reader that says when its owner completes it, so that the loop that fills the pipe can stop.
/// </summary>
internal sealed class CompletionAwareReader(PipeReader inner, Action completed) : PipeReader
{
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        inner.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        completed();
        inner.Complete(exception);
    }
}
