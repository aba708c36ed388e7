namespace Bellman.Neural.Kernels;

/// <summary>Elementwise passes by all threads.</summary>
internal static unsafe class SharedElementwise
{
    public static void Forward<TOperator>(TOperator function, ReadOnlySpan<float> x, Span<float> y)
        where TOperator : struct, IUnaryOperator
    {
        fixed (float* px = x, py = y)
        {
            UnaryForward<TOperator> work = new() { Function = function, X = px, Y = py };
            Workers.RunElements(ref work, y.Length);
        }
    }

    public static void Backward<TOperator>(
        TOperator function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        where TOperator : struct, IUnaryOperator
    {
        fixed (float* px = x, py = y, pdy = dy, pdx = dx)
        {
            UnaryBackward<TOperator> work = new() { Function = function, X = px, Y = py, OutputGradient = pdy, InputGradient = pdx, Accumulate = accumulate };
            Workers.RunElements(ref work, dx.Length);
        }
    }

    public static void Forward<TOperator>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
        where TOperator : struct, IBinaryOperator
    {
        fixed (float* pa = a, pb = b, py = y)
        {
            BinaryForward<TOperator> work = new() { A = pa, B = pb, Y = py };
            Workers.RunElements(ref work, y.Length);
        }
    }

    public static void Update<TRule>(
        TRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second, Span<float> third)
        where TRule : struct, IUpdateRule
    {
        fixed (float* pp = parameters, pg = gradients, p1 = first, p2 = second, p3 = third)
        {
            RuleUpdate<TRule> work = new() { Rule = rule, Parameters = pp, Gradients = pg, First = p1, Second = p2, Third = p3 };
            Workers.RunElements(ref work, parameters.Length);
        }
    }

    private static Span<float> Part(float* all, int start, int count) => all == null ? default : new(all + start, count);

    private struct UnaryForward<TOperator> : IElementWork
        where TOperator : struct, IUnaryOperator
    {
        public TOperator Function;
        public float* X;
        public float* Y;

        public readonly void Do(int start, int count) => Elementwise.ForwardHere(Function, Part(X, start, count), Part(Y, start, count));
    }

    private struct UnaryBackward<TOperator> : IElementWork
        where TOperator : struct, IUnaryOperator
    {
        public TOperator Function;
        public float* X;
        public float* Y;
        public float* OutputGradient;
        public float* InputGradient;
        public bool Accumulate;

        public readonly void Do(int start, int count) => Elementwise.BackwardHere(
            Function, Part(X, start, count), Part(Y, start, count), Part(OutputGradient, start, count), Part(InputGradient, start, count), Accumulate);
    }

    private struct BinaryForward<TOperator> : IElementWork
        where TOperator : struct, IBinaryOperator
    {
        public float* A;
        public float* B;
        public float* Y;

        public readonly void Do(int start, int count) => ElementwiseBinary.ForwardHere<TOperator>(
            Part(A, start, count), Spread.Full, Part(B, start, count), Spread.Full, Part(Y, start, count), 1, count);
    }

    private struct RuleUpdate<TRule> : IElementWork
        where TRule : struct, IUpdateRule
    {
        public TRule Rule;
        public float* Parameters;
        public float* Gradients;
        public float* First;
        public float* Second;
        public float* Third;

        public readonly void Do(int start, int count) => OptimizerKernels.UpdateHere(
            Rule, Part(Parameters, start, count), Part(Gradients, start, count), Part(First, start, count), Part(Second, start, count), Part(Third, start, count));
    }
}
