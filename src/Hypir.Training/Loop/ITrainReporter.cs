namespace Hypir.Training.Loop;

/// <summary>Is told how a run goes, on the thread that trains.</summary>
internal interface ITrainReporter
{
    /// <summary>The run begins, or goes on.</summary>
    /// <param name="step">The step that it goes on from; 0 at the beginning.</param>
    /// <param name="steps">Steps of the whole run.</param>
    void Started(long step, long steps);

    /// <summary>A batch was trained on.</summary>
    void Stepped(TrainProgress progress);

    /// <summary>Something that people should know.</summary>
    void Noted(string note);
}
